import VisionGraph
package import VisionSystem
import VisionTensor

/// Why the roles of a network's input or outputs cannot be determined.
package struct RoleError: VisionError, Hashable {
  package enum Kind: String, ErrorKind {
    /// The network does not take images.
    case input
    /// No output fits, or several do.
    case output
    /// The meaning of the output's numbers is unknown, or contradicts the given activation.
    case activation
    /// What a detector's outputs mean is not known.
    case head
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
