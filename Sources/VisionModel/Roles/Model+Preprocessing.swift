import VisionGraph
package import VisionImage
import VisionSystem
import VisionTensor

extension Model {
  /// Reads an ONNX file for use with a preprocessing that replaces the one in the file. An exact
  /// preprocessing determines the image size if the file leaves it open; a preset uses the size in the file.
  ///
  /// - Throws: `FormatError`, also when the network does not take such images; `ImageError` when a preset
  ///   does not fit.
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
