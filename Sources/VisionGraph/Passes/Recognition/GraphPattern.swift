import VisionTensor

/// Nodes that mean one operator, as those write them who have no such operator.
package struct GraphPattern: Sendable {
  /// What is recognized, for reports.
  package let name: String
  /// How it is written; the first form that fits counts.
  let forms: [Form]
  /// The operator and its inputs; nil if what the form leaves open does not fit.
  let replacement: @Sendable (PatternMatch) -> Replacement?

  /// The node that comes in the place of a match.
  struct Replacement {
    var operation: any Operator
    var inputs: [Operand]
  }

  /// An input of a replacement.
  indirect enum Operand {
    case value(ValueID)
    /// The elements of an operand in another shape.
    case reshaped(Operand, Shape)
    /// The operand with its axes in another order.
    case transposed(Operand, [Int])
    /// The operand repeated along axes of extent 1.
    case expanded(Operand, Shape)
    case product(Operand, Operand)
    case sum(Operand, Operand)
    case constant(Tensor)
  }

  /// Every pattern. Where two end at one node, the first one that fits counts, and larger ones come first.
  package static let all: [GraphPattern] =
    normalizations + activations + movements + [attention]
}
