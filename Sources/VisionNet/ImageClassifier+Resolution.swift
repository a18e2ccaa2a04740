import VisionGraph
import VisionImage
import VisionModel

/// Chooses between the caller's settings and the model's.
extension ImageClassifier {
  /// The caller's preprocessing, or else the model's.
  static func preprocessing(_ source: PreprocessingSource?, _ model: Model, _ place: String)
    throws(ClassifierError) -> Preprocessing
  {
    // Errors that no preprocessing could fix come first.
    let input: ImageInput
    do throws(GraphError) {
      input = try ImageInput(model.graph, preprocessing: source?.exact ?? model.preprocessing)
    } catch {
      var told = ClassifierError(error)
      told.place = place
      throw told
    }
    do throws(ImageError) {
      let given = try source?.resolved(height: input.height, width: input.width, channels: input.channels)
      if let preprocessing = given ?? model.preprocessing { return preprocessing }
    } catch { throw ClassifierError(error) }
    throw ClassifierError(
      .preprocessing, "the model does not say how images become its input", place: place,
      remedy: "give a preprocessing that fits it: a name such as imagenet, or a JSON file")
  }
}
