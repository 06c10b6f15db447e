"""Runs the tests of this folder and prints one JSON line for each: {"title", "outcome", "detail"}."""

import json
import sys
import unittest
from pathlib import Path


class Lines(unittest.TestResult):
    def _tell(self, test, outcome, detail=""):
        title = f"{type(test).__name__}: {test.shortDescription() or test.id()}"
        print(json.dumps({"title": title, "outcome": outcome, "detail": detail}), flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.failed_parts = []

    def addSuccess(self, test):
        self._tell(test, "passed")

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.failed_parts.append(self._exc_info_to_string(error, test))

    def addError(self, test, error):
        self._tell(test, "failed", self._exc_info_to_string(error, test))

    addFailure = addError

    def addSkip(self, test, reason):
        self._tell(test, "skipped", reason)

    def stopTest(self, test):
        if self.failed_parts:
            self._tell(test, "failed", "\n".join(self.failed_parts))
        super().stopTest(test)


if __name__ == "__main__":
    folder = str(Path(__file__).parent)
    sys.path.insert(0, folder)
    unittest.defaultTestLoader.discover(folder, sys.argv[1] if len(sys.argv) > 1 else "test_*.py").run(Lines())
