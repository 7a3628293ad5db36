/** Prints the run's last line in the plain form that any CI can read: "Tests: N passed, N failed, N skipped". */
export default class ClosingLineReporter {
  onTestRunEnd(modules) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state in count) count[state] += 1;
      }
    }
    // After the default reporter's own summary, which is printed in the same turn.
    setTimeout(() => {
      process.stdout.write(`Tests: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
    }, 0);
  }
}
