import VisionSystem
package import VisionTensor

extension HDF5Object {
  /// The numbers of a data set.
  ///
  /// - Throws: `FormatError`; before memory is taken, the file is checked to have enough bytes for them.
  package func tensor() throws(FormatError) -> Tensor {
    let type = try HDF5Datatype(required(3, "type"))
    guard case .number(let element) = type else {
      throw error(.unsupported, "its elements are no numbers of a supported type")
    }
    let shape = try HDF5Dataspace(required(1, "shape")).dimensions
    guard let size = TensorLimits.byteCount(shape, element) else {
      throw error(.tooLarge, "the shape \(Shape(shape)) is impossible")
    }
    let pipeline = first(0xb)
    do throws(FormatError) {
      let filters = try pipeline.map { message throws(FormatError) in try HDF5Filters(message.body) }
      let bytes = try content(shape, element, size, filters)
      guard bytes.count == size else {
        throw bytes.error(.corrupt, "\(bytes.count) bytes are given for \(element.rawValue) \(Shape(shape))")
      }
      return TensorLimits.tensor(bytes, shape, element)
    } catch { throw error.at(node: name) }
  }

  private func content(_ shape: [Int], _ element: ElementType, _ size: Int, _ filters: HDF5Filters?)
    throws(FormatError) -> ByteRange
  {
    let layout = try required(8, "layout")
    var cursor = HDF5Cursor(layout)
    let version = try cursor.byte()
    guard version == 3 || version == 4 else {
      throw layout.error(.unsupported, "version \(version) of a layout is not supported")
    }
    let kind = try cursor.byte()
    switch kind {
    case 0: return try cursor.part(try cursor.short())
    case 1:
      guard let address = try cursor.address() else {
        guard size == 0 else { throw layout.error(.corrupt, "a data set has never been written") }
        return ByteRange([])
      }
      let count = try cursor.length()
      guard filters == nil, let data = file.slice(address, count) else {
        throw layout.error(.truncated, "a data set lies beyond the end, at \(address)")
      }
      return data
    case 2 where version == 3:
      guard try cursor.byte() == shape.count + 1 else {
        throw layout.error(.corrupt, "chunks have other axes than their data set")
      }
      let tree = try cursor.address()
      var chunk: [Int] = []
      for _ in shape { chunk.append(try cursor.word()) }
      guard try cursor.word() == element.byteCount else {
        throw layout.error(.corrupt, "chunks have other elements than their data set")
      }
      guard let tree else {
        guard size == 0 else { throw layout.error(.corrupt, "a data set has never been written") }
        return ByteRange([])
      }
      return try HDF5Chunks(shape, chunk, element.byteCount, filters ?? .none).read(file, tree: tree)
    default:
      throw layout.error(
        .unsupported,
        kind == 2 ? "chunks by a newer index are not supported" : "the layout \(kind) is not supported",
        remedy: "write the file with h5py's default libver")
    }
  }
}
