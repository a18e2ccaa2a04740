import VisionImage
import VisionInference
import VisionModel

/// A classifier, compared by its logits.
struct ClassifierSubject: QuantizationSubject {
  static let comparesClasses = true

  let model: Model
  private let classifier: ImageClassifier

  init(_ model: Model) throws(ClassifierError) {
    classifier = try ImageClassifier(model, threads: 1)
    var model = model
    model.preprocessing = classifier.preprocessing
    self.model = model
  }

  var input: ImageInputWriter { classifier.task.input }

  func image(contentsOf path: String) throws(ImageError) -> Image {
    try classifier.image(contentsOf: path)
  }

  func numbers(_ image: Image) throws(ClassifierError) -> [[Float]] { [try classifier.logits(image)] }
}
