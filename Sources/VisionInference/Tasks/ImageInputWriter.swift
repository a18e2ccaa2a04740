import VisionGraph
public import VisionImage
public import VisionModel
import VisionSystem
public import VisionTensor

/// Writes images to the input of a network, with a preprocessing.
public struct ImageInputWriter: InputWriter {
  /// The preprocessing as adapted to the network's input.
  public let preprocessing: Preprocessing
  package let input: ImageInput

  /// - Parameters:
  ///   - input: the input of a graph that is bound to the width and height of the preprocessing.
  ///   - preprocessing: the model's preprocessing; a network with 8-bit input gets pixels unchanged.
  package init(_ input: ImageInput, _ preprocessing: Preprocessing) {
    (self.input, self.preprocessing) = (input, input.effective(preprocessing))
  }

  /// A writer with the model's own preprocessing.
  ///
  /// - Throws: a `VisionError` when the model has no preprocessing, or its input is not images.
  public init(_ model: Model) throws {
    guard let preprocessing = model.preprocessing else {
      throw RoleError(
        .preprocessing, "the model does not say how images become its input", place: model.provenance?.name,
        remedy: "give a preprocessing that fits it: a name such as imagenet, or a JSON file")
    }
    let graph = try model.graph.bound(to: preprocessing)
    self.init(try ImageInput(graph, preprocessing: preprocessing), preprocessing)
  }

  public var specs: [TensorSpec] {
    let sides = [input.height, input.width]
    let shape = input.layout == .nchw ? [input.channels] + sides : sides + [input.channels]
    let mixing: TensorSpec.Mixing = input.type == .float32 ? .linear : .forbidden
    return [TensorSpec(name: input.name, type: input.type, shape: shape.map { .fixed($0) }, mixing: mixing)]
  }

  public func write(
    _ image: Image, into slots: borrowing TensorSlots, _ scratch: InputScratch
  ) throws(ImageError) -> InputGeometry {
    try input.write(
      image, preprocessing, into: slots.bytes(0),
      scratch: scratch.kept({ PreprocessingScratch() }, byteCount: { $0.byteCount }))
  }
}
