import VisionGraph
package import VisionImage
import VisionSystem
import VisionTensor

extension Model {
  /// Reads an ONNX file for images of a preprocessing, which takes the place of the one in the file: its open sides are bound
  /// to those of the preprocessing, and a preset takes those that the file has.
  ///
  /// - Throws: `FormatError` of the file, also when it takes no images, and `ImageError` of a preset that does not fit it.
  package init(contentsOf path: String, preprocessing source: PreprocessingSource) throws {
    try self.init(contentsOf: path, sides: source.exact.map { ImageSides($0) })
    do {
      let input = try ImageInput(graph, preprocessing: source.exact)
      let steps = try source.resolved(height: input.height, width: input.width, channels: input.channels)
      graph = try graph.bound(to: steps)
      preprocessing = steps
    } catch let error as GraphError {
      throw FormatError(.network, error.message, file: path, node: error.place, remedy: error.remedy)
    }
  }
}
