import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Results of convolutions, and maxima of these, that only convolutions of bfloat16 read. These round them, so that storing them
/// rounded gives the same numbers and takes half of the memory.
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
    let readers = graph.readers
    let outputs = Set(graph.outputs.map(\.value.index))
    // Backwards, since maxima are stored so where what they are taken of is.
    for (index, node) in graph.nodes.enumerated().reversed() {
      let value = node.outputs[0]
      guard let image = graph.fact(value).image, !outputs.contains(value.index), !isConstant[value.index],
        !readers[value.index].isEmpty, writes(index),
        readers[value.index].allSatisfy({ reader in
          let node = graph.nodes[reader.node]
          return BFloat16ConvKernel.canRead(node, position: reader.position, in: graph)
            || (pitches[node.outputs[0].index] != nil && PoolKernel.canRound(node, in: graph))
        })
      else { continue }
      pitches[value.index] = Int(vn_bconv_pitch(Int32(image.c)))
    }
    for node in graph.nodes where PoolKernel.canRound(node, in: graph) {
      if let x = node.inputs[0], pitches[x.index] == nil { pitches[node.outputs[0].index] = nil }
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
