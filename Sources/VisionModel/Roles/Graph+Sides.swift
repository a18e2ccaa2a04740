package import VisionGraph
package import VisionImage

extension Graph {
  /// The same graph for images of a preprocessing's sides, where the file leaves them open.
  ///
  /// - Throws: `GraphError` when the network takes no images, or none of these sides.
  package func bound(to preprocessing: Preprocessing) throws(GraphError) -> Graph {
    let input = try ImageInput(self, preprocessing: preprocessing)
    let shape = try input.shape(for: preprocessing)
    return shape == fact(inputs[0]).shape ? self : try bound(to: [input.name: shape])
  }
}
