import VisionTensor

extension Fact {
  /// Whether the input at `position` is present, fixed and not empty, with a rank in `ranks`.
  static func isWeight(_ inputs: [Fact?], _ position: Int, ranks: ClosedRange<Int>, _ isFixed: (Int) -> Bool)
    -> Bool
  {
    guard position < inputs.count, let fact = inputs[position] else { return false }
    return isFixed(position) && ranks.contains(fact.shape.rank) && fact.shape.elementCount > 0
  }
}
