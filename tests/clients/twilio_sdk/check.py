"""Twilio's own SDK against the sandbox: is it Twilio, as far as the SDK can tell?"""

import argparse
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import call_checks
import conference_checks
from receiver import Receiver
from stage import Stage, Tally


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base_url", help="the sandbox, such as http://127.0.0.1:4010")
    parser.add_argument("account", help="its account, AC…")
    parser.add_argument("token", help="the account's auth token")
    parser.add_argument("--sender", default="+815030000000", help="the number to ring from")
    parser.add_argument("--only", default="", help="only the checks whose name holds this word")
    settings = parser.parse_args()
    settings.base_url = settings.base_url.rstrip("/")

    receiver, tally = Receiver(settings.token), Tally()
    checks = [check for check in call_checks.CHECKS + conference_checks.CHECKS if settings.only in check.__name__]
    with ThreadPoolExecutor(max_workers=len(checks) or 1) as pool:
        list(pool.map(lambda check: run(check, settings, receiver, tally), checks))
    check_hooks(receiver, tally)

    for failure in tally.failures:
        print(f"FAILED {failure}")
    print(f"{tally.passed} passed, {len(tally.failures)} failed")
    sys.exit(1 if tally.failures or not checks else 0)


def run(check, settings, receiver, tally):
    stage = Stage(check.__name__, settings, receiver, tally)
    try:
        check(stage)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(place) if frame.filename.endswith("_checks.py")), 0)
        tally.add(check.__name__, False, f"line {line}: {type(error).__name__}: {error}")


def check_hooks(receiver, tally):
    """What is true of every webhook, whatever it was about."""
    for hook in receiver.hooks:
        tally.add(hook.path, hook.valid, "the signature is not Twilio's")
        tally.add(hook.path, hook.headers.get("I-Twilio-Idempotency-Token"), "no idempotency token")
        tally.add(hook.path, hook["AccountSid"], "no account")


if __name__ == "__main__":
    main()
