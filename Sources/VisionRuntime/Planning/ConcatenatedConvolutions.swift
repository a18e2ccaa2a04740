import VisionGraph
import VisionTensor

/// Concatenations along channels whose parts are convolutions that nothing else reads: these write to their channels of the
/// whole at once, so that nothing is copied.
struct ConcatenatedConvolutions {
  /// Where a convolution's result goes.
  struct Slice {
    /// The concatenation.
    let node: Int
    /// The first channel.
    let channel: Int
    /// Channels of the whole, the distance of neighboring pixels.
    let pitch: Int
  }

  /// By the number of the convolution's node.
  private(set) var slices: [Int: Slice] = [:]
  /// The parts of each such concatenation, by its node.
  private(set) var operands: [Int: [Int]] = [:]

  /// - Parameter frozen: for each value whether it does not change between runs.
  init(in graph: Graph, frozen: [Bool], algorithm: ConvolutionAlgorithm) {
    // im2col writes channels first.
    guard algorithm != .im2col else { return }
    var producers: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { producers[output.index] = index }
    }
    let uses = graph.useCounts
    let outputs = Set(graph.outputs.map(\.value.index))
    for (index, node) in graph.nodes.enumerated() {
      let whole = graph.fact(node.outputs[0])
      guard let concat = node.operation as? Concat, let image = whole.image, image.n * image.h * image.w > 0,
        concat.axis == 1 || concat.axis == -3, node.inputs.count > 1
      else { continue }
      var parts: [Int] = []
      for case let input? in node.inputs {
        guard let producer = producers[input.index], uses[input.index] == 1, !outputs.contains(input.index),
          !frozen[input.index], slices[producer] == nil,
          let fused = graph.nodes[producer].operation as? FusedConv,
          ConvKernel.convolution(
            of: fused, graph.nodes[producer].inputs.map { $0.map { graph.fact($0) } }, graph.fact(input))
            != nil
        else { break }
        parts.append(producer)
      }
      guard parts.count == node.inputs.count else { continue }
      var channel = 0
      for (part, input) in zip(parts, node.inputs) {
        slices[part] = Slice(node: index, channel: channel, pitch: image.c)
        channel += input.flatMap { graph.fact($0).image?.c } ?? 0
      }
      operands[index] = parts
    }
  }
}
