import VisionImage
import VisionInference
import VisionModel

/// A network that is quantized, and what it gives for an image.
protocol QuantizationSubject: Sendable {
  /// Whether the first output has a number for each class, of which the largest is the answer.
  static var comparesClasses: Bool { get }
  /// The network in the form that is quantized, with its preprocessing.
  var model: Model { get }
  var input: ImageInputWriter { get }

  /// - Throws: `ClassifierError` when the network is not of this kind.
  init(_ model: Model) throws(ClassifierError)

  func image(contentsOf path: String) throws(ImageError) -> Image
  /// The numbers of each output that is compared.
  func numbers(_ image: Image) throws(ClassifierError) -> [[Float]]
}
