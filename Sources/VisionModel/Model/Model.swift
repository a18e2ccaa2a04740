public import VisionGraph
public import VisionImage
import VisionSystem
public import VisionTensor

/// A network with everything needed to use it: weights, labels, preprocessing, provenance.
///
/// Its file is an ONNX model that holds these in its metadata, and any other runtime can open it. The graph
/// is kept as it was trained, before any pass.
public struct Model: Sendable {
  /// Where the weights come from.
  public struct Provenance: Sendable, Hashable {
    /// The name of the network, such as `efficientnet-lite0`.
    public var name: String
    /// Where its weights were published.
    public var source: String
    /// The SPDX identifier of the license of the weights.
    public var license: String

    public init(name: String, source: String = "", license: String = "") {
      self.name = name
      self.source = source
      self.license = license
    }
  }

  /// The network. Classifiers have the outputs `logits` N×K and `probabilities` N×K.
  public var graph: Graph
  /// Its weights.
  public var parameters: Parameters
  /// The names of the classes in order; empty if the file has none.
  public var labels: [String]
  /// How images are converted to the network's input; nil if the file does not say.
  public var preprocessing: Preprocessing?
  /// The name of the value that serves as an image's embedding, for comparing images.
  public var embedding: String?
  /// The path of the layer that computes the logits; training for other classes replaces it.
  public var head: String?
  /// The name of the output with one number per class, if the network has several outputs; nil to determine
  /// it automatically.
  public var scores: String?
  /// The function that converts those numbers to probabilities, if the network does not show it; nil to
  /// determine it automatically.
  public var activation: OutputActivation?
  /// The probability, 0...1, below which the best class is reported as unknown.
  public var threshold: Double?
  public var provenance: Provenance?
  /// How the network was quantized; nil for floating-point networks and for files that VisionNet did not
  /// write.
  public var quantization: Quantization?
  /// The images used to create the model; nil if the file does not say.
  public var trainingImages: TrainingImages?
  /// What a task other than classification has said of the network; see `signature`.
  var declared: Signature?
  /// Metadata that is not VisionNet's own, in order.
  public var metadata: [(key: String, value: String)]
  /// The image size to which the graph is bound by default, if neither the file nor the caller gives one; nil
  /// otherwise.
  package private(set) var assumedSides: ImageSides?
  /// Further files from which the weights were read.
  package private(set) var otherFiles: [String] = []

  public init(
    graph: Graph, parameters: Parameters, labels: [String] = [], preprocessing: Preprocessing? = nil,
    embedding: String? = nil, head: String? = nil, threshold: Double? = nil, provenance: Provenance? = nil,
    metadata: [(key: String, value: String)] = []
  ) {
    self.graph = graph
    self.parameters = parameters
    self.labels = labels
    self.preprocessing = preprocessing
    self.embedding = embedding
    self.head = head
    self.threshold = threshold
    self.provenance = provenance
    self.metadata = metadata
  }

  /// Reads an ONNX file. A file that VisionNet did not write has no preprocessing, and has labels only if its
  /// exporter wrote them into the metadata, as YOLO's does.
  ///
  /// If the file leaves the image size open, the graph is bound to that of the preprocessing in the file, or
  /// else to 224×224.
  ///
  /// - Throws: `FormatError`, also when VisionNet's own metadata does not match the network.
  public init(
    contentsOf path: String, operators: OperatorRegistry = .standard, inputShapes: [String: Shape] = [:],
    dimensions: [String: Int] = [:]
  ) throws(FormatError) {
    try self.init(
      contentsOf: path, operators: operators, inputShapes: inputShapes, dimensions: dimensions, sides: nil)
  }

  /// Reads an ONNX file; if it leaves the image size open, the graph is bound to `sides`.
  package init(
    contentsOf path: String, operators: OperatorRegistry = .standard, inputShapes: [String: Shape] = [:],
    dimensions: [String: Int] = [:], sides: ImageSides?
  ) throws(FormatError) {
    if let frozen = try FrozenGraph(at: path) {
      do {
        self = try FrozenDetector.model(frozen)
      } catch { throw error.at(file: path) }
      return
    }
    if let file = try HDF5File(at: path) {
      do {
        self = try KerasModel.model(file)
      } catch { throw error.at(file: path) }
      return
    }
    let file = try OnnxReader.read(path, operators: operators, removesSelection: true) { file in
      OnnxDimensions(
        shapes: inputShapes, extents: dimensions,
        image: { sides ?? ModelMetadata.sides(file.metadata) ?? .usual })
    }
    do {
      try self.init(file)
    } catch { throw error.at(file: path) }
    if sides == nil { noteAssumedSides() }
  }

  /// Reads an ONNX model from memory.
  public init(bytes: [UInt8], operators: OperatorRegistry = .standard) throws(FormatError) {
    let file = try OnnxReader.read(bytes: bytes, operators: operators, removesSelection: true) { file in
      OnnxDimensions(image: { ModelMetadata.sides(file.metadata) ?? .usual })
    }
    try self.init(file)
    noteAssumedSides()
  }

  /// Reads a network of another program from memory: a frozen TensorFlow graph, a Keras model in HDF5, or
  /// ONNX.
  ///
  /// - Parameter classes: the classes of a frozen detector that are kept, counted from 1; nil for all.
  package init(foreign bytes: [UInt8], keeping classes: [Int]? = nil) throws(FormatError) {
    if let frozen = try FrozenGraph(bytes: bytes) {
      self = try FrozenDetector.model(frozen, keeping: classes)
    } else if let file = try HDF5File(bytes: bytes) {
      self = try KerasModel.model(file)
    } else {
      try self.init(bytes: bytes)
    }
  }

  /// Records that the image size is an assumption.
  private mutating func noteAssumedSides() {
    if preprocessing == nil, foreign.imageHeight == nil, Self.hasOpenSides(graph) { assumedSides = .usual }
  }

  /// Whether an input leaves an axis other than the first open.
  private static func hasOpenSides(_ graph: Graph) -> Bool {
    graph.inputs.contains { id in
      guard case .input(let dimensions) = graph[id].source else { return false }
      return dimensions.dropFirst().contains { if case .symbolic = $0 { true } else { false } }
    }
  }

  init(_ file: OnnxModel) throws(FormatError) {
    self.init(graph: file.graph, parameters: file.parameters)
    otherFiles = file.otherFiles
    try ModelMetadata.read(file.metadata, into: &self)
    adoptForeignLabels()
    try check()
  }

  /// The bytes of the model's file; equal models give equal bytes.
  public func bytes() throws(FormatError) -> [UInt8] {
    try check()
    return try OnnxWriter.bytes(graph, parameters: parameters, metadata: ModelMetadata.entries(self))
  }

  /// Writes the model's file; an existing file is replaced as a whole.
  public func write(to path: String) throws(FormatError) {
    do {
      try check()
    } catch { throw error.at(file: path) }
    try OnnxWriter.write(graph, parameters: parameters, metadata: ModelMetadata.entries(self), to: path)
  }

  /// Writes the file of a detector that selects boxes by itself; an existing file is replaced as a whole.
  ///
  /// - Throws: `FormatError`, also where the network has no outputs for boxes and scores of a single image.
  package func write(to path: String, selecting selection: OnnxSelection) throws(FormatError) {
    do {
      try check()
    } catch { throw error.at(file: path) }
    let signature = signature
    guard let boxes = signature.value(of: OutputRole(kind: "boxes")),
      let scores = signature.value(of: OutputRole(kind: "scores")),
      [boxes, scores].allSatisfy({ name in graph.outputs.contains { $0.name == name } })
    else { throw FormatError(.network, "the model has no outputs for boxes and scores").at(file: path) }
    let single: Graph
    do { single = try graph.bound(batch: 1) } catch {
      throw FormatError(.network, error.message, node: error.place, remedy: error.remedy).at(file: path)
    }
    var selection = selection
    if let input = graph.inputs.first, case .input(let axes) = graph[input].source,
      case .symbolic(let name)? = axes.first
    {
      selection.batch = name
    }
    let metadata = ModelMetadata.entries(self) + [ModelMetadata.entry(selection)]
    try OnnxWriter.write(
      single, parameters: parameters, metadata: metadata, selecting: selection, boxes: boxes, scores: scores,
      to: path)
  }

  private func check() throws(FormatError) {
    if let threshold, !(threshold >= 0 && threshold <= 1) {
      throw FormatError(.network, "the threshold \(threshold) is not between 0 and 1")
    }
    if let embedding, graph.value(named: embedding) == nil {
      throw FormatError(.network, "the network has no value '\(embedding)' for the embedding")
    }
    if let declared, let complaint = complaint(about: declared) {
      throw FormatError(.network, "the signature \(complaint)")
    }
    if declared == nil, !labels.isEmpty, let logits = graph.output(of: .logits) {
      let shape = graph.fact(logits.value).shape
      guard shape.last == labels.count else {
        throw FormatError(.network, "there are \(labels.count) labels for logits of the shape \(shape)")
      }
    }
  }
}
