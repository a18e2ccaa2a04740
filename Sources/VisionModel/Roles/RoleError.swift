import VisionGraph
package import VisionSystem
import VisionTensor

/// Why it cannot be told what a network's input or outputs are to a task.
package struct RoleError: VisionError, Hashable {
  package enum Kind: String, ErrorKind {
    /// The network does not take images.
    case input
    /// No output fits, or several do.
    case output
    /// What the numbers of the output mean cannot be told, or contradicts what was said.
    case activation
    /// Nobody says how images become the input.
    case preprocessing

    package var blame: Blame { .data }
  }

  package let kind: Kind
  package let message: String
  package let place: String?
  package let remedy: String?

  package init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  init(_ error: GraphError) {
    self.init(.input, error.message, place: error.place, remedy: error.remedy)
  }
}
