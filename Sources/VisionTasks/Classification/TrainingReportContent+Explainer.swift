import VisionData
public import VisionInference
import VisionSystem
public import VisionImage
public import VisionModel

extension TrainingReportContent {
  /// Shows images as the network reads them, and where its evidence lies.
  public mutating func explain(by explainer: Explainer) {
    let options = ImageOptions(preprocessing: explainer.preprocessing)
    image = { try? Image(contentsOf: $0.path, options: options) }
    heatMap = { image, index in explainer.overlay(on: image, class: index) }
  }

  /// The same for a model; a network that cannot be explained leaves a note instead of heat maps.
  ///
  /// - Parameter preprocessing: instead of the model's own.
  public mutating func explain(_ model: Model, preprocessing: Preprocessing? = nil) {
    do throws(TrainingError) {
      explain(by: try Explainer(model, preprocessing: preprocessing))
    } catch { notes.append("There are no heat maps: \(error.message).") }
  }
}
