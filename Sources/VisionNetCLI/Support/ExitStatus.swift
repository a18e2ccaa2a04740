import ArgumentParser
import VisionNet

/// What the exit code says, as in `sysexits.h` from 64 on.
enum ExitStatus: Int32, Sendable {
  case success = 0
  case failure = 1
  /// Finished, but some inputs were unreadable.
  case incomplete = 2
  case usage = 64
  /// Bad data or a bad model.
  case data = 65
  /// A missing or forbidden input.
  case noInput = 66
  case inputOutput = 74
  /// Ended by the interrupt key.
  case interrupted = 130

  var exitCode: ExitCode { ExitCode(rawValue) }

  /// What an error of any stage means to the caller of the process.
  init(_ error: any Error) {
    guard let error = error as? any VisionError else {
      self = error is ShapeError ? .data : .failure
      return
    }
    self =
      switch error.blame {
      case .usage: .usage
      case .missingInput: .noInput
      case .data: .data
      case .storage: .inputOutput
      case .machine: .failure
      case .interruption: .interrupted
      }
  }
}
