public import VisionSystem
public import VisionModel

extension Backbone {
  /// The backbone of any classifier, including those that VisionNet did not write.
  ///
  /// The embedding is the value that the model names, or else the operand of the last matrix product with
  /// constant weights, or of the last 1×1 convolution, before the output; of a feature map N×E×H×W the mean
  /// over H and W.
  ///
  /// - Parameter embedding: the name of a value or node to use as the embedding instead.
  /// - Returns: the backbone, and notes on how the embedding was found.
  /// - Throws: `TrainingError` with code `embedding` when there is no such value or no embedding can be
  ///   found, and the errors of `init(_:)`.
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
