#!/usr/bin/env python3
"""usage: summary.py testlog.json...

Counts what meson's logs of test runs hold: each test of a cmocka program, each
other program as one test. A program that crashed, timed out or left a leak
behind passing tests is one failed test more; so is a log that is not there.
The end of what a failed one said is shown again, so that it can be found at
the end of a long log. The last line is for machines; the exit status is 1 when
anything failed.
"""
import json
import re
import sys

PASSED = re.compile(r'^\[  PASSED  \] (\d+) test\(s\)', re.M)
FAILED = re.compile(r'^\[  FAILED  \] (\d+) test\(s\)', re.M)
OK = re.compile(r'^\[       OK \] ', re.M)
GOOD = ('OK', 'EXPECTEDFAIL')
LAST_WORDS = 40  # lines of a failed program: a screen and what was missed on it


def count(run):
    """(passed, failed) of one test program."""
    text = run.get('stdout', '') + '\n' + run.get('stderr', '')
    if run['result'] == 'SKIP':
        return 0, 0
    passed = sum(map(int, PASSED.findall(text)))
    failed = sum(map(int, FAILED.findall(text)))
    if passed + failed == 0:  # no cmocka, or cut off in its middle
        passed = len(OK.findall(text))
    if run['result'] not in GOOD:
        return passed, max(failed, 1)
    return max(passed, 0 if failed else 1), failed


def last_words(run):
    """What a failed program said last. What a test that failed left unfreed
    would be longer than the reason."""
    text = run.get('stdout', '') + '\n' + run.get('stderr', '')
    if FAILED.search(text):
        text = re.sub(r'=+\n==\d+==ERROR: LeakSanitizer.*', '', text, flags=re.S)
    lines = [line for line in text.splitlines() if line.strip()]
    return '\n'.join(lines[-LAST_WORDS:])


def read(path):
    with open(path, encoding='utf-8', errors='replace') as log:
        return [json.loads(line) for line in log]


def main(paths):
    passed = failed = 0
    for path in paths:
        try:
            runs = read(path)
        except (OSError, ValueError) as why:
            print(f'{path}: {why}')
            failed += 1
            continue
        for run in runs:
            ok, bad = count(run)
            passed += ok
            failed += bad
            if bad:
                print(f"FAILED: {run['name']} ({path})\n{last_words(run)}")
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
