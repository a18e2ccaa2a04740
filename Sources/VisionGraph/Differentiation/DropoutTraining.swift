import VisionSystem
package import VisionTensor

/// y = x · mask / (1 − ratio), where the mask is 0 with probability `ratio` and 1 otherwise. Source:
/// Srivastava et al. 2014.
///
/// Whether an element is dropped depends only on its sample's key, on `site`, and on its position within the
/// sample, not on the position in the batch, the batch size or the threads. The gradient is the same operator
/// with the same keys.
///
/// Inputs: x N·k×…, a floating-point type; a scalar ratio of a floating-point type, 0...1; the keys, int64 N×3: seed,
/// epoch and sample. The elements of x fall into N runs of equal length, one for each sample.
package struct DropoutTraining: InternalOperator {
  package static let name = "DropoutTraining"
  /// Tells the dropouts of one network apart.
  package var site: UInt32

  package init(site: UInt32) { self.site = site }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let ratio = try ShapeRule.required(inputs, 1, types: .floats)
    let keys = try ShapeRule.required(inputs, 2, types: [.int64])
    guard ratio.shape.elementCount == 1 else { throw ShapeError("the ratio \(ratio.shape) must be a scalar") }
    guard keys.shape.rank == 2, keys.shape[1] == 3, x.shape.rank >= 1, x.shape[0] % max(keys.shape[0], 1) == 0
    else { throw ShapeError("keys \(keys.shape) do not fit input \(x.shape): they must be N×3") }
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0).doubles
    let ratio = try Reference.required(inputs, 1).doubles[0]
    let keys = try Reference.required(inputs, 2).integers
    guard ratio >= 0, ratio <= 1 else { throw EvaluationError("the ratio \(ratio) is not in 0...1") }
    let length = keys.isEmpty ? 0 : x.count / (keys.count / 3)
    let scale = ratio < 1 ? 1 / (1 - ratio) : 0
    let result = x.enumerated().map { index, value in
      let sample = index / length * 3
      let uniform = self.uniform(
        seed: keys[sample], epoch: keys[sample + 1], sample: keys[sample + 2], element: index % length)
      return uniform < ratio ? 0 : value * scale
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  /// The number in 0..<1 that decides whether an element is dropped: one lane of the Philox block with key
  /// `seed` and counter (element / 4, site, sample, epoch), the low 32 bits of each.
  package func uniform(seed: Int, epoch: Int, sample: Int, element: Int) -> Double {
    let bits = Philox(seed: UInt64(truncatingIfNeeded: seed)).block(
      UInt32(truncatingIfNeeded: element / 4), site, UInt32(truncatingIfNeeded: sample),
      UInt32(truncatingIfNeeded: epoch))
    return Double(bits[element % 4] >> 8) * 0x1p-24
  }

  package func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) { throw node.notDifferentiable("ratio") }
    return [try node.add(self, node.gradient, node.input(1), node.input(2))]
  }

  package var attributes: Attributes { ["site": .int(Int(site))] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { outputs[0].shape.elementCount }
}
