extension ForeignFile {
  private static let frozen =
    "convert it: python -m tf2onnx.convert --graphdef FILE --inputs … --outputs … --output model.onnx"

  /// Identifies other models in protobuf by their field numbers; nil if none fits.
  static func message(_ bytes: ByteRange) -> ForeignFile? {
    guard let fields = fields(bytes) else { return nil }
    let numbers = Set(fields.map(\.number))
    // Core ML: the version, the description, and one of the kinds of models, each of which has its own field
    // number.
    if numbers.isSubset(of: Set(1...2).union([10]).union(200...3000)), numbers.isSuperset(of: [1, 2]),
      numbers.contains(where: { $0 >= 200 }), case .varint? = fields.first(where: { $0.number == 1 })?.payload
    {
      return ForeignFile("a Core ML model", exportAgain)
    }
    // SavedModel: the version and graphs, the first of which begins with information about the program that
    // wrote it.
    if numbers == [1, 2], case .varint? = fields.first(where: { $0.number == 1 })?.payload,
      let graph = fields.first(where: { $0.number == 2 })?.range, let info = Self.fields(graph)?.first,
      info.number == 1, let parts = Self.fields(info.range),
      parts.contains(where: { (4...6).contains($0.number) })
    {
      return ForeignFile(
        "a TensorFlow SavedModel",
        "convert its folder: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx")
    }
    // TensorProto: it has an integer in field 2, unlike ModelProto.
    if case .varint? = fields.first(where: { $0.number == 2 })?.payload, numbers.isSubset(of: Set(1...14)),
      !numbers.isDisjoint(with: [4, 5, 7, 9, 10, 11])
    {
      return ForeignFile("a tensor of ONNX, such as test data has", "give a model")
    }
    // GraphDef: nodes, each with a name and an operator name.
    if numbers.isSubset(of: [1, 2, 3, 4]), numbers.contains(1),
      fields.filter({ $0.number == 1 }).allSatisfy({ isNode($0) })
    {
      return ForeignFile("a frozen TensorFlow graph", frozen)
    }
    // NetParameter of Caffe: a name and layers in field 100. (Old files, with layers in field 2, are not
    // recognized.)
    if numbers.contains(100), fields.filter({ $0.number == 100 }).allSatisfy({ isNode($0) }) {
      return ForeignFile("a Caffe model", exportAgain)
    }
    return nil
  }

  /// The top-level fields, if all bytes form a message.
  private static func fields(_ bytes: ByteRange) -> [ProtobufReader.Field]? {
    var reader = ProtobufReader(bytes)
    var fields: [ProtobufReader.Field] = []
    do throws(FormatError) {
      while let field = try reader.next() {
        fields.append(field)
        guard fields.count <= OnnxFile.nodeLimit else { return nil }
      }
    } catch { return nil }
    return fields.isEmpty ? nil : fields
  }

  /// Whether a field is a message with nonempty texts in fields 1 and 2.
  private static func isNode(_ field: ProtobufReader.Field) -> Bool {
    guard case .bytes = field.payload, let fields = fields(field.range) else { return false }
    return [1, 2].allSatisfy { number in
      guard let text = fields.first(where: { $0.number == number }), case .bytes = text.payload else {
        return false
      }
      return text.range.count > 0 && text.range.string != nil
    }
  }
}
