package import VisionTensor

/// Channels of groups one after the other become neighbors: channel k of group i of x is channel k · groups + i of y. Source: Zhang et
/// al. 2017, section 3.1.
///
/// Input: x N×C×H×W of any type.
package struct ChannelShuffle: InternalOperator {
  package static let name = "ChannelShuffle"
  package var groups: Int

  package init(groups: Int) { self.groups = groups }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    guard x.shape.rank == 4, groups > 0, x.shape[1] % groups == 0 else {
      throw ShapeError("input \(x.shape) has no channels that fall into \(groups) groups")
    }
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let strides = shape.strides
    var positions: [Int] = []
    positions.reserveCapacity(shape.elementCount)
    Reference.forEachCoordinate(shape) { at in
      let channel = at[1] % groups * (shape[1] / groups) + at[1] / groups
      positions.append(at[0] * strides[0] + channel * strides[1] + at[2] * strides[2] + at[3])
    }
    return [Reference.gather(x, positions, shape: shape)]
  }

  package var parts: [String] { [Reshape.name, Transpose.name, Reshape.name] }
  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }
  package var attributes: Attributes { ["groups": .int(groups)] }
  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
