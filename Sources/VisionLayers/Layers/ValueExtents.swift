public import VisionGraph
import VisionTensor

extension Value {
  /// Channels, height and width of a batch of images N×C×H×W.
  ///
  /// - Parameter layer: the layer that asks; its type is named in the error.
  /// - Throws: `GraphError` when the value does not have four axes.
  public func imageExtents(for layer: some Layer) throws(GraphError) -> (
    channels: Int, height: Int, width: Int
  ) {
    let shape = self.shape
    guard shape.rank == 4 else {
      throw GraphError(
        .shape, "\(type(of: layer)) takes images N×C×H×W, not \(shape)", place: graph.path)
    }
    return (shape[1], shape[2], shape[3])
  }

  /// The number of features of a batch of vectors N×F.
  ///
  /// - Parameter layer: the layer that asks; its type is named in the error.
  /// - Throws: `GraphError` when the value does not have two axes.
  public func features(for layer: some Layer) throws(GraphError) -> Int {
    let shape = self.shape
    guard shape.rank == 2 else {
      throw GraphError(
        .shape, "\(type(of: layer)) takes vectors N×F, not \(shape)", place: graph.path,
        remedy: "put Flatten() or GlobalAveragePool() before it")
    }
    return shape[1]
  }
}
