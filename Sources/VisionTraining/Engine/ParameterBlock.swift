import VisionTensor
import VisionGraph
import VisionRuntime

/// Consecutive weights of one parameter that are updated together; the cuts depend on shapes alone.
struct ParameterBlock: Sendable {
  var name: String
  /// In floats from the start of the variables.
  var offset: Int
  var count: Int
  var factor: Float
  var decays: Bool
  var range: Range<Int> { offset..<offset + count }

  /// The floats of a block: few enough for the cache, and enough to outweigh the cost of claiming a block.
  private static let length = 1 << 15

  static func cut(_ variables: [Plan.Variable], whole: Bool, factor: (String) -> Float) -> [ParameterBlock] {
    var blocks: [ParameterBlock] = []
    for variable in variables {
      let step = whole ? max(variable.count, 1) : length
      for start in stride(from: 0, to: variable.count, by: step) {
        blocks.append(
          ParameterBlock(
            name: variable.name, offset: variable.offset + start, count: min(step, variable.count - start),
            factor: factor(variable.name), decays: variable.fact.shape.rank > 1))
      }
    }
    return blocks
  }
}
