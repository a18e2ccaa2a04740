import VisionGraph
public import VisionImage
public import VisionModel
import VisionSystem
public import VisionTensor

/// Images as the input of a network, by a preprocessing.
public struct ImageInputWriter: InputWriter {
  /// As the network's input needs it.
  public let preprocessing: Preprocessing
  package let input: ImageInput

  /// - Parameters:
  ///   - input: of a graph that is bound to the sides of the preprocessing.
  ///   - preprocessing: as the model has it; a network that takes bytes gets pixels as they are.
  package init(_ input: ImageInput, _ preprocessing: Preprocessing) {
    (self.input, self.preprocessing) = (input, input.effective(preprocessing))
  }

  /// Images as the model says it.
  ///
  /// - Throws: a `VisionError` where the model does not say how images become its input, or takes none.
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
