public import VisionGraph
public import VisionTensor

/// Reads ONNX models, opsets 7 to 24. Nothing in a file is executed, and all of it is validated.
///
/// Initializers become parameters or constants: floating-point tensors become parameters, except scalars and
/// tensors that operators need for shape inference (`Operator.constantInputs`); all others, and the values of
/// `Constant` nodes, become constants. A tensor stored in the file as it is in memory is not copied but stays
/// a range of the mapped file.
///
/// If the first axis of an input is open, it is the batch and has extent 1 until the graph is bound. Other
/// open axes need `inputShapes` or `dimensions`.
///
/// Source: onnx.proto, the definition of the format.
public enum OnnxReader {
  /// The supported versions of ONNX's own operator set.
  public static let opsets = 7...24
  /// The newest supported version of the file format.
  static let newestIR = 13

  /// Reads the model file at `path`; files of external data must lie in its folder.
  ///
  /// - Parameters:
  ///   - operators: the operators that the file may use.
  ///   - inputShapes: shapes by input name, for axes left open by the file.
  ///   - dimensions: extents by the names of the file's open axes.
  /// - Throws: `FormatError`; a single one lists all unsupported operators and types.
  public static func read(
    _ path: String, operators: OperatorRegistry = .standard, inputShapes: [String: Shape] = [:],
    dimensions: [String: Int] = [:]
  ) throws(FormatError) -> OnnxModel {
    try read(path, operators: operators) { _ in OnnxDimensions(shapes: inputShapes, extents: dimensions) }
  }

  /// Reads the model file at `path`; the extents of open axes may depend on its metadata.
  ///
  /// - Parameter removesSelection: whether the nodes of `OnnxSelection` are left out.
  static func read(
    _ path: String, operators: OperatorRegistry, removesSelection: Bool = false,
    dimensions: (OnnxFile) -> OnnxDimensions
  ) throws(FormatError) -> OnnxModel {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw ForeignFolder.error(path, wanted: wanted) ?? error }
    return try read(
      file.bytes, folder: OnnxFolder(model: path), operators: operators, removesSelection: removesSelection,
      dimensions: dimensions)
  }

  /// Reads a model from memory; external data is rejected.
  public static func read(
    bytes: [UInt8], operators: OperatorRegistry = .standard, inputShapes: [String: Shape] = [:],
    dimensions: [String: Int] = [:]
  ) throws(FormatError) -> OnnxModel {
    try read(bytes: bytes, operators: operators) { _ in
      OnnxDimensions(shapes: inputShapes, extents: dimensions)
    }
  }

  /// Reads a model from memory; the extents of open axes may depend on its metadata.
  static func read(
    bytes: [UInt8], operators: OperatorRegistry, removesSelection: Bool = false,
    dimensions: (OnnxFile) -> OnnxDimensions
  ) throws(FormatError) -> OnnxModel {
    try read(
      ByteRange(bytes), folder: nil, operators: operators, removesSelection: removesSelection,
      dimensions: dimensions)
  }

  private static func read(
    _ bytes: ByteRange, folder: OnnxFolder?, operators: OperatorRegistry, removesSelection: Bool,
    dimensions: (OnnxFile) -> OnnxDimensions
  ) throws(FormatError) -> OnnxModel {
    do {
      let (whole, opset) = try checked(bytes, operators)
      let file = removesSelection ? OnnxSelection.removed(from: whole) : whole
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

  /// Reads the network at `path` to be run in stages, as one must be of which `read` says that it is `dataDependent`.
  ///
  /// Its shapes may follow from data, it may run graphs (`If`, `Loop`, `Scan`), and have sequences and optionals.
  ///
  /// - Throws: `FormatError`; a single one lists all unsupported operators and types.
  public static func readProgram(_ path: String, operators: OperatorRegistry = .standard)
    throws(FormatError) -> Program
  {
    let file: MappedFile
    do { file = try MappedFile(path) } catch { throw ForeignFolder.error(path, wanted: wanted) ?? error }
    return try program(file.bytes, folder: OnnxFolder(model: path), operators)
  }

  /// Reads a network that runs in stages from memory; external data is rejected.
  public static func readProgram(bytes: [UInt8], operators: OperatorRegistry = .standard)
    throws(FormatError) -> Program
  {
    try program(ByteRange(bytes), folder: nil, operators)
  }

  private static func program(_ bytes: ByteRange, folder: OnnxFolder?, _ operators: OperatorRegistry)
    throws(FormatError) -> Program
  {
    do {
      return try Program(checked(bytes, operators).file, folder, operators)
    } catch { throw error.at(file: bytes.file) }
  }

  /// The file without calls of functions, all of whose operators are known, and its opset.
  private static func checked(_ bytes: ByteRange, _ operators: OperatorRegistry) throws(FormatError) -> (
    file: OnnxFile, opset: Int
  ) {
    var file = try structure(bytes)
    file.nodes = try OnnxInliner.nodes(of: file, operators: operators)
    let opset = try opset(file)
    try OnnxSupport(operators).check(file)
    return (file, opset)
  }

  /// The wanted kind of file, for messages.
  private static let wanted = "an ONNX model"

  /// The structure of the file; if it is not an ONNX model, the error says what it is.
  private static func structure(_ bytes: ByteRange) throws(FormatError) -> OnnxFile {
    do {
      return try OnnxFile(bytes)
    } catch {
      guard bytes.count > 0 else { throw error }
      if let foreign = ForeignFile(bytes) { throw foreign.error(wanted: wanted) }
      // Programs that write models put the format version first.
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
    // A graph may consist only of calls; then the operators of the functions determine the opset.
    // One without any operator of ONNX's own needs no version of them.
    let isWithoutOwn = !file.nodes.isEmpty && file.nodes.allSatisfy { !$0.domain.isEmpty }
    let used = file.nodes.filter { $0.domain.isEmpty }.compactMap(\.opset)
    guard let opset = own ?? used.max() ?? (isWithoutOwn ? OnnxForms.base : nil) else {
      throw FormatError(
        .corrupt, "the file does not say which ONNX opset it uses",
        remedy: "it may be cut off: fetch it again, or export the model again")
    }
    let worst = ([opset] + used).first { !opsets.contains($0) } ?? opset
    guard opsets.contains(worst) else {
      throw FormatError(
        .unsupported,
        "the file uses ONNX opset \(worst); VisionNet reads \(opsets.lowerBound) to \(opsets.upperBound)",
        remedy: "export the model with opset 17")
    }
    return opset
  }
}
