package import VisionGraph
package import VisionImage

extension Graph {
  /// The same graph for images of the preprocessing's size, where the file leaves the size open.
  ///
  /// - Throws: `GraphError` when the network does not take images, or not images of this size.
  package func bound(to preprocessing: Preprocessing) throws(GraphError) -> Graph {
    let input = try ImageInput(self, preprocessing: preprocessing)
    let shape = try input.shape(for: preprocessing)
    return shape == fact(inputs[0]).shape ? self : try bound(to: [input.name: shape])
  }
}
