import VisionSystem
import VisionTensor

/// Computes convolutions and pooling over one or three spatial axes as those of images, which have the fast kernels.
///
/// N×C×L is N×C×1×L. Of N×C×D×H×W each of the N·D frames is an image; a convolution is the sum, over the taps along the depth,
/// of convolutions of the frames that such a tap reads. What lies between, such as activations, is computed on images as well.
package struct PlanarConvolutions: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let hasWork = graph.nodes.contains { node in
      Self.starts(node, graph)
    }
    guard hasWork else { return graph }
    /// For values of the source, the images in the result.
    var images: [ValueID: ValueID] = [:]
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      var work = PlanarNode(node: node, graph: graph, images: images)
      let wanted = Self.starts(node, graph) || node.inputs.contains { $0.map { images[$0] != nil } ?? false }
      guard wanted, let image = try work.image(&rewriter) else { return nil }
      images[node.outputs[0]] = image
      return [try PlanarShape(graph.fact(node.outputs[0]).shape).restore(image, name: node.name, &rewriter)]
    }
    return try DeadNodeRemoval().run(rewritten)
  }

  /// Whether a node is worth making an image for.
  private static func starts(_ node: Graph.Node, _ graph: Graph) -> Bool {
    guard node.outputs.count == 1, let x = node.inputs.first ?? nil, graph.fact(x).type == .float32,
      PlanarShape.fits(graph.fact(x).shape)
    else { return false }
    return node.operation is Conv || node.operation is MaxPool || node.operation is AveragePool
      || node.operation is ConvTranspose
  }
}
