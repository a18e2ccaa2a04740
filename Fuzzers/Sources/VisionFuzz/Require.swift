/// Makes a broken promise a finding.
func require(_ holds: Bool, _ promise: StaticString = "a promise is broken", line: UInt = #line) {
  precondition(holds, "\(promise), line \(line)")
}
