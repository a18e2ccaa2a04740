import VisionImage
import VisionGraph
import VisionSystem

extension Model {
  /// The same network for images of other sides, with the preprocessing for them.
  ///
  /// - Parameter isWhole: whether nothing of a square image is cut off before it is resized.
  /// - Throws: `GraphError` where the network is not one for images of these sides, `ImageError`
  ///   `invalidPreprocessing` for sides that no preprocessing has.
  package func resized(width: Int, height: Int, isWhole: Bool) throws -> Model {
    var model = self
    model.preprocessing = try preprocessing?.resized(width: width, height: height, isWhole: isWhole)
    do {
      model.graph = try graph.resized([height, width])
    } catch {
      throw GraphError(
        error.kind, "the network cannot take images of \(width)×\(height) pixels: \(error.message)",
        place: error.place ?? provenance?.name,
        remedy: "leave the image size out, or start from a network whose input has no fixed size")
    }
    return model
  }
}
