import VisionSystem
import VisionTensor

/// The part of a pretrained network that is trained besides its new last layer.
public enum FineTuning: Sendable, Hashable, CustomStringConvertible {
  /// Nothing: the last layer alone learns.
  case none
  /// The last blocks, at least one.
  case last(Int)
  /// Everything.
  case all

  /// Parses `none`, `all`, or `last-N` with N in 1...1000, such as `last-3`; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "all": self = .all
    default:
      guard text.hasPrefix("last-"), let blocks = Int(text.dropFirst(5)), (1...1000).contains(blocks) else {
        return nil
      }
      self = .last(blocks)
    }
  }

  /// The part that a stage trains.
  package var part: Recipe.Part {
    switch self {
    case .none: .head
    case .last(let blocks): .blocks(blocks)
    case .all: .all
    }
  }

  public var description: String {
    switch self {
    case .none: "none"
    case .last(let blocks): "last-\(blocks)"
    case .all: "all"
    }
  }
}
