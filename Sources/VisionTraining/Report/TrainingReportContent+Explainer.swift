import VisionImage

extension TrainingReportContent {
  /// Shows pictures as the network reads them, and where its evidence lies.
  public mutating func explain(by explainer: Explainer) {
    let options = ImageOptions(preprocessing: explainer.preprocessing)
    picture = { try? Image(contentsOf: $0.path, options: options) }
    heatMap = { picture, index in explainer.overlay(on: picture, class: index) }
  }
}
