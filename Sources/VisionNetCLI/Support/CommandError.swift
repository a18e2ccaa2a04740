import VisionNet
import VisionSystem

/// An error that a subcommand itself reports about its arguments, its input or the machine.
struct CommandError: VisionError {
  /// The kinds of a command's own errors.
  enum Kind: String, ErrorKind {
    case usage, data, missing, io, failure

    var blame: Blame {
      switch self {
      case .usage: .usage
      case .data: .data
      case .missing: .missingInput
      case .io: .storage
      case .failure: .machine
      }
    }
  }

  let kind: Kind
  let message: String
  let place: String?
  let remedy: String?

  init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
