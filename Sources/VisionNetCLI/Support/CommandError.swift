import VisionNet
import VisionSystem

/// What a subcommand itself has to say against its arguments or the world.
struct CommandError: VisionError {
  let status: ExitStatus
  let message: String
  let place: String?
  let remedy: String?

  var code: String {
    switch status {
    case .usage: "usage"
    case .data: "data"
    case .noInput: "missing"
    case .inputOutput: "io"
    default: "failure"
    }
  }

  init(_ status: ExitStatus, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.status = status
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
