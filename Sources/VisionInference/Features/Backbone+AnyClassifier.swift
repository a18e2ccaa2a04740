public import VisionSystem
public import VisionModel

extension Backbone {
  /// The backbone of any classifier, also of one that VisionNet did not write.
  ///
  /// What describes an image is the value that the model names, or else what enters the last matrix product with fixed
  /// weights, or the last 1×1 convolution, before the answer; of a feature map N×E×H×W the mean over its places.
  ///
  /// - Parameter embedding: the name of a value or node of the file that describes an image instead.
  /// - Returns: the backbone, and in words what was found and done.
  /// - Throws: `TrainingError` with code `embedding` when there is no such value or none can be told, and as
  ///   `init(_:)`.
  public static func found(in model: Model, embedding: String? = nil) throws(TrainingError) -> (
    backbone: Backbone, notes: [String]
  ) {
    let found: (model: Model, notes: [String])
    do {
      found = try model.describing(by: embedding)
    } catch {
      throw TrainingError(
        .embedding, error.message, place: error.place ?? model.provenance?.name, remedy: error.remedy)
    }
    return (try Backbone(found.model), found.notes)
  }
}
