import VisionData
public import VisionInference
import VisionSystem
public import VisionImage
public import VisionModel

extension TrainingReportContent {
  /// Shows images as the network reads them, with heat maps of the evidence.
  public mutating func explain(by explainer: Explainer) {
    let options = ImageOptions(preprocessing: explainer.preprocessing)
    image = { try? Image(contentsOf: $0.path, options: options) }
    heatMap = { image, index in explainer.overlay(on: image, class: index) }
  }

  /// Shows images and heat maps for a model. If its network cannot be explained, a note takes the place of
  /// the heat maps.
  ///
  /// - Parameter preprocessing: replaces the model's own; nil to use the model's.
  public mutating func explain(_ model: Model, preprocessing: Preprocessing? = nil) {
    do throws(TrainingError) {
      explain(by: try Explainer(model, preprocessing: preprocessing))
    } catch { notes.append("There are no heat maps: \(error.message).") }
  }
}
