import CVisionKernels
import VisionGraph
import VisionTensor

/// Results of convolutions that only convolutions of bfloat16 read. These round them, so that storing them rounded gives the
/// same numbers and takes half of the memory.
struct BFloat16Storage {
  /// Which of one convolution's images are stored so.
  struct Of {
    var x = false
    var residual = false
    var y = false
  }

  /// Words of four bytes from pixel to pixel, by the number of the value.
  private(set) var pitches: [Int: Int] = [:]

  init() {}

  /// - Parameter writes: whether the step that ends with a node can round its result.
  init(in graph: Graph, isConstant: [Bool], writes: (Int) -> Bool) {
    var readers = [[(node: Int, position: Int)]](repeating: [], count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      for (position, input) in node.inputs.enumerated() {
        if let input { readers[input.index].append((index, position)) }
      }
    }
    let outputs = Set(graph.outputs.map(\.value.index))
    for (index, node) in graph.nodes.enumerated() {
      let value = node.outputs[0]
      guard let image = graph.fact(value).image, !outputs.contains(value.index), !isConstant[value.index],
        !readers[value.index].isEmpty, writes(index),
        readers[value.index].allSatisfy({ reader in
          BFloat16ConvKernel.canRead(graph.nodes[reader.node], position: reader.position, in: graph)
        })
      else { continue }
      pitches[value.index] = Int(vn_bconv_pitch(Int32(image.c)))
    }
  }

  func of(_ node: Graph.Node) -> Of {
    func isStored(_ input: Int) -> Bool {
      guard input < node.inputs.count, let value = node.inputs[input] else { return false }
      return pitches[value.index] != nil
    }
    return Of(x: isStored(0), residual: isStored(3), y: pitches[node.outputs[0].index] != nil)
  }
}
