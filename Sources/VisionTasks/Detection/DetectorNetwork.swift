public import VisionModel
import VisionSystem
package import VisionTensor

/// A detector from a file of any kind: one that says by itself what its outputs mean, or one of others whose head is
/// recognized.
public struct DetectorNetwork: Sendable {
  /// The network with the outputs that `ObjectDetection` reads, at the size of its file.
  public let model: Model
  /// The kind of head and what it was recognized by, for people; nil for files that say what they are.
  public let note: String?
  /// Where the size of the input may follow the image, or the head was recognized.
  let foreign: ForeignDetector?

  /// - Parameters:
  ///   - model: a detector, whoever wrote its file.
  ///   - head: the kind of its head; nil to find it out.
  /// - Throws: a `VisionError` when the model is for another task, or nobody knows what its outputs mean.
  public init(_ model: Model, head: DetectorKind? = nil) throws {
    guard model.task != Signature.detection else {
      guard head == nil else {
        throw RoleError(
          .head, "the file says what the detector's outputs mean", remedy: "leave out the head")
      }
      (self.model, note, foreign) = (model, nil, nil)
      return
    }
    let foreign = try ForeignDetector(model, head: head)
    self.model = foreign.model
    self.foreign = foreign
    note = foreign.note
  }

  /// The detector for an input of the given shape; its own size where none is given.
  package func model(for shapes: [String: Shape]) throws -> Model {
    guard let foreign, let shape = shapes.first?.value else { return model }
    return try foreign.model(shape: shape)
  }
}
