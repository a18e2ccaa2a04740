public import VisionGraph
public import VisionTensor

/// Reads ONNX models, opsets 7 to 24. Nothing in a file is executed, and no byte of it is trusted.
///
/// Initializers become parameters or constants: float tensors are parameters, except scalars and those that an
/// operator needs while shapes are inferred (`Operator.constantInputs`); everything else is a constant, and so are the values
/// of `Constant` nodes. A tensor whose bytes stand in the file as in memory stays a range of the mapped file.
///
/// The first axis of an input, when left open, is the batch and counts as 1 until the graph is bound. Other open axes
/// need `inputShapes` or `dimensions`.
///
/// Source: onnx.proto, the definition of the format.
public enum OnnxReader {
  /// Versions of ONNX's own operator set that are read.
  public static let opsets = 7...24
  /// Newest version of the format itself that is read.
  static let newestIR = 13

  /// Reads the model file at `path`; files of external data must lie in its folder.
  ///
  /// - Parameters:
  ///   - operators: the operators that the file may use.
  ///   - inputShapes: shapes by input name, for axes that the file leaves open.
  ///   - dimensions: extents by the names that the file gives to open axes.
  /// - Throws: `FormatError`; one for all operators and types that are not supported.
  public static func read(
    _ path: String, operators: OperatorRegistry = .standard, inputShapes: [String: Shape] = [:],
    dimensions: [String: Int] = [:]
  ) throws(FormatError) -> OnnxModel {
    try read(path, operators: operators) { _ in OnnxDimensions(shapes: inputShapes, extents: dimensions) }
  }

  /// Reads the model file at `path`, with extents for open axes that its metadata may say.
  static func read(
    _ path: String, operators: OperatorRegistry, dimensions: (OnnxFile) -> OnnxDimensions
  ) throws(FormatError) -> OnnxModel {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw ForeignFolder.error(path, wanted: wanted) ?? error }
    return try read(file.bytes, folder: OnnxFolder(model: path), operators: operators, dimensions: dimensions)
  }

  /// Reads a model from bytes in memory; external data is refused.
  public static func read(
    bytes: [UInt8], operators: OperatorRegistry = .standard, inputShapes: [String: Shape] = [:],
    dimensions: [String: Int] = [:]
  ) throws(FormatError) -> OnnxModel {
    try read(bytes: bytes, operators: operators) { _ in
      OnnxDimensions(shapes: inputShapes, extents: dimensions)
    }
  }

  /// Reads a model from bytes in memory, with extents for open axes that its metadata may say.
  static func read(
    bytes: [UInt8], operators: OperatorRegistry, dimensions: (OnnxFile) -> OnnxDimensions
  ) throws(FormatError) -> OnnxModel {
    try read(ByteRange(bytes), folder: nil, operators: operators, dimensions: dimensions)
  }

  private static func read(
    _ bytes: ByteRange, folder: OnnxFolder?, operators: OperatorRegistry,
    dimensions: (OnnxFile) -> OnnxDimensions
  ) throws(FormatError) -> OnnxModel {
    do {
      var file = try structure(bytes)
      file.nodes = try OnnxInliner.nodes(of: file, operators: operators)
      let opset = try opset(file)
      try OnnxSupport(operators).check(file)
      var importer = OnnxImporter(file, folder: folder, operators: operators, opset: opset)
      try importer.addInitializers()
      try importer.addInputs(dimensions(file))
      try importer.addNodes()
      try importer.addOutputs()
      var notes: [String] = []
      if opset < 9 {
        notes.append("opset \(opset) is older than the 9 that VisionNet is tested with")
      }
      var graph = importer.builder.graph
      graph.fileNames = importer.values.mapValues(\.id)
      return OnnxModel(
        graph: graph, parameters: importer.parameters, metadata: file.metadata,
        producer: file.producerVersion.isEmpty ? file.producer : "\(file.producer) \(file.producerVersion)",
        opset: opset, irVersion: file.irVersion, notes: notes,
        otherFiles: folder?.openedFiles ?? [])
    } catch { throw error.at(file: bytes.file) }
  }

  /// For messages.
  private static let wanted = "an ONNX model"

  /// What stands in the file; where that is no ONNX model, the error says what it is.
  private static func structure(_ bytes: ByteRange) throws(FormatError) -> OnnxFile {
    do {
      return try OnnxFile(bytes)
    } catch {
      guard bytes.count > 0 else { throw error }
      if let foreign = ForeignFile(bytes) { throw foreign.error(wanted: wanted) }
      // The version of the format comes first wherever a program writes the file.
      let beginsAsModel = bytes[0] == 0x08 && bytes[1].map { (1...32).contains($0) } ?? false
      if beginsAsModel, error.kind == .truncated {
        throw bytes.error(
          .truncated, "the ONNX model is cut off after \(bytes.count) bytes", at: bytes.count,
          remedy: "fetch the file again")
      }
      if beginsAsModel { throw error }
      throw FormatError(
        .foreign, "not \(wanted), nor of another kind that is known by its content", offset: error.offset,
        remedy: "give an ONNX model, such as torch.onnx.export writes")
    }
  }

  private static func opset(_ file: OnnxFile) throws(FormatError) -> Int {
    guard file.irVersion <= newestIR else {
      throw FormatError(
        .unsupported, "the file has ONNX IR version \(file.irVersion); VisionNet reads up to \(newestIR)",
        remedy: "export the model with an older IR version")
    }
    let own = try OnnxOpsets(file.opsets).version(of: "")
    // A graph may be made of calls alone: the operators are then those of the functions.
    guard let opset = own ?? file.nodes.filter({ $0.domain.isEmpty }).compactMap(\.opset).max() else {
      throw FormatError(
        .corrupt, "the file does not say which ONNX opset it uses",
        remedy: "it may be cut off: fetch it again, or export the model again")
    }
    let used = [opset] + file.nodes.filter { $0.domain.isEmpty }.compactMap(\.opset)
    let worst = used.first { !opsets.contains($0) } ?? opset
    guard opsets.contains(worst) else {
      throw FormatError(
        .unsupported,
        "the file uses ONNX opset \(worst); VisionNet reads \(opsets.lowerBound) to \(opsets.upperBound)",
        remedy: "export the model with opset 17")
    }
    return opset
  }
}
