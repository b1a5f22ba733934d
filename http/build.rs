//! The dashboard is embedded: a release is built again when a file of it comes, goes or changes. Other builds read its files
//! from where they are.

fn main() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if release { "../web" } else { "build.rs" });
}
