import VisionSystem

extension StoreError {
  /// The error for a program that could not be run.
  init(_ failure: ChildProcess.Failure, _ executable: String) {
    switch failure.step {
    case .pipe: self.init(.io, "no pipe: \(POSIX.message(failure.number))")
    case .start:
      let isNone = [ENOENT, EACCES, ENOEXEC].contains(failure.number)
      self.init(
        isNone ? .noPython : .io, "cannot be started: \(POSIX.message(failure.number))", place: executable)
    }
  }
}
