//! `tsunagu config`.

use super::{run, run_in, text};

#[test]
fn the_program_prints_its_annotated_settings_and_takes_them() {
    let printed = run(&["config"], &[]);
    assert!(printed.status.success());
    assert_eq!(text(&printed.stdout), include_str!("../../../config/default.toml"));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let path = file.to_str().unwrap();
    std::fs::write(&file, &printed.stdout).unwrap();
    let checked = run(&["config", "--check", path], &[]);
    assert!(checked.status.success(), "{checked:?}");

    for (settings, blamed) in [
        ("[server]\nprot = 5000\n", "prot"),
        ("[calls]\nring_secs = 3\n", "calls.ring_secs"),
        ("[server\n", "own.toml"),
    ] {
        std::fs::write(&file, settings).unwrap();
        let checked = run(&["config", "--check", path], &[]);
        assert!(!checked.status.success(), "{settings}");
        assert!(text(&checked.stderr).contains(blamed), "{}", text(&checked.stderr));
    }
    let missing = run(&["config", "--check", folder.path().join("none.toml").to_str().unwrap()], &[]);
    assert!(!missing.status.success() && text(&missing.stderr).contains("none.toml"), "{missing:?}");
}

#[test]
fn a_file_of_settings_that_breaks_off_is_told_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    std::fs::write(&file, "PORT=5999\nMONGODB_URI=mongodb://db/ours\n").unwrap();
    let whole = run_in(folder.path(), &["config", "--effective"], &[]);
    assert!(whole.status.success() && text(&whole.stdout).contains("5999"), "{whole:?}");
    for (broken, blamed) in [
        ("PORT=5999\nTWILIO_AUTH_TOKEN=se cret\nMONGODB_URI=mongodb://db/ours\n", "the line of PORT"),
        ("PORT=5999\nTWILIO_AUTH_TOKEN=\"secret\nMONGODB_URI=mongodb://db/ours\n", "the line of PORT"),
        ("secret\nMONGODB_URI=mongodb://db/ours\n", "its beginning"),
    ] {
        std::fs::write(&file, broken).unwrap();
        let refused = run_in(folder.path(), &["config", "--effective"], &[]);
        let told = text(&refused.stderr);
        assert!(!refused.status.success() && told.contains(".env") && told.contains(blamed), "{refused:?}");
        assert!(!told.contains("cret") && !told.contains("db/ours"), "{told}");
    }
}

#[test]
fn what_is_in_force_says_where_it_came_from_and_keeps_secrets() {
    const TOKEN: &str = "an-auth-token-that-nobody-may-see";
    const SECRET: &str = "a-jwt-secret-that-nobody-may-ever-see";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let settings =
        format!("[carrier]\naccount_sid = \"AC1\"\nauth_token = \"{TOKEN}\"\n[calls]\nlongest_secs = 99\n");
    std::fs::write(&file, settings).unwrap();
    let path = file.to_str().unwrap();
    let env = [
        ("TSUNAGU_CONFIG", path),
        ("JWT_SECRET", SECRET),
        ("TWILIO_PHONE_NUMBER", "+815012345678"),
        ("TSUNAGU_CALLS__RING_SECS", "45"),
        ("BASE_URL", ""),
    ];
    let shown = run(&["config", "--effective"], &env);
    assert!(shown.status.success(), "{shown:?}");
    let told = text(&shown.stdout);
    for line in [
        "port = 5000  # default",
        "base_url = \"\"  # default",
        "# jwt_secret is set, and a secret  # JWT_SECRET in the environment",
        "phone_number = \"+815012345678\"  # TWILIO_PHONE_NUMBER in the environment",
        "ring_secs = 45  # TSUNAGU_CALLS__RING_SECS in the environment",
        &format!("# auth_token is set, and a secret  # {path}"),
        &format!("longest_secs = 99  # {path}"),
        "handover_skills = []  # default",
    ] {
        assert!(told.lines().any(|told| told == line), "{line} is not in\n{told}");
    }
    assert!(!told.contains(TOKEN) && !told.contains(SECRET), "{told}");

    // It is a file of settings again: without the secrets' lines nothing of it is refused.
    let again = folder.path().join("again.toml");
    std::fs::write(&again, told.replace("\"AC1\"", "\"\"")).unwrap();
    let checked = run(&["config", "--check", again.to_str().unwrap()], &[]);
    assert!(checked.status.success(), "{checked:?}");
}
