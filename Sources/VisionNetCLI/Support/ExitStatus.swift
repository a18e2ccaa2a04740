import ArgumentParser
import VisionNet

/// The exit code; the codes from 64 to 74 are those of `sysexits.h`.
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

  /// The exit code for an error of any part.
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
