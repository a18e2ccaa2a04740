import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Results of convolutions whose pixels had better lie a little further apart than they have channels.
///
/// A tile reads several pixels at the same channel. Where these are a multiple of the nearest cache's way apart, they all fall
/// into one set of it, which holds fewer lines than there are pixels: each is then fetched again and again. A line between pixels
/// spreads them over the sets.
struct PaddedPixels {
  /// Floats from pixel to pixel, by the number of the value.
  private(set) var pitches: [Int: Int] = [:]

  /// Bytes of one way of the nearest cache: 64 sets of 64 bytes on all x86-64 processors with these instruction sets.
  private static let wayBytes = 4096
  private static let lineFloats = 16

  init() {}

  /// - Parameter isAlone: whether a node is a step of its own that reads and writes plain memory.
  init(in graph: Graph, isConstant: [Bool], algorithm: ConvolutionAlgorithm, isAlone: (Int) -> Bool) {
    // im2col writes channels first.
    guard algorithm != .im2col else { return }
    let readers = graph.readers
    let outputs = Set(graph.outputs.map(\.value.index))
    for (index, node) in graph.nodes.enumerated() {
      let value = node.outputs[0]
      guard let image = graph.fact(value).image, image.c % Self.lineFloats == 0, isAlone(index),
        Self.convolution(graph, index) != nil, !outputs.contains(value.index), !isConstant[value.index],
        !readers[value.index].isEmpty
      else { continue }
      var collides = false
      let canRead = readers[value.index].allSatisfy { reader in
        guard isAlone(reader.node), let conv = Self.convolution(graph, reader.node) else { return false }
        if reader.position == 0, conv.oh * conv.ow > 1 {
          collides = collides || Int(conv.stride_w) * image.c * 4 % Self.wayBytes == 0
        }
        return reader.position == 0 || reader.position == 3
      }
      if canRead && collides { pitches[value.index] = image.c + Self.lineFloats }
    }
  }

  /// Floats from pixel to pixel of an input of a node, if there is one and they are not its channels.
  func pitch(of node: Graph.Node, input: Int) -> Int? {
    guard input < node.inputs.count, let value = node.inputs[input] else { return nil }
    return pitches[value.index]
  }

  /// A node's convolution, if its kernel takes pixels at any distance.
  private static func convolution(_ graph: Graph, _ index: Int) -> vn_conv? {
    let node = graph.nodes[index]
    guard let fused = node.operation as? FusedConv else { return nil }
    return ConvKernel.convolution(
      of: fused, node.inputs.map { $0.map { graph.fact($0) } }, graph.fact(node.outputs[0]))
  }
}
