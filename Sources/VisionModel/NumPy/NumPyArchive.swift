public import VisionGraph
import VisionSystem

/// NumPy's `.npz` files: named arrays in a zip archive, read stored or deflated and written stored.
///
/// Source: numpy.savez.
public enum NumPyArchive {
  /// Reads the arrays at `path`, in the order of the archive.
  ///
  /// - Throws: `FormatError` when an entry is not an array of numbers, or the archive expands to far more
  ///   than its size.
  public static func read(_ path: String) throws(FormatError) -> Parameters {
    try read(MappedFile(path).bytes)
  }

  /// Reads an archive from memory.
  public static func read(bytes: [UInt8]) throws(FormatError) -> Parameters { try read(ByteRange(bytes)) }

  /// Writes an archive of arrays, in the given order; an existing file is replaced as a whole.
  ///
  /// - Throws: `FormatError` when the file cannot be written or would exceed 4 GiB.
  public static func write(_ arrays: Parameters, to path: String) throws(FormatError) {
    do throws(FormatError) {
      try AtomicFile.write(chunks(arrays), to: path)
    } catch { throw error.at(file: path) }
  }

  /// The bytes of an archive, which depend on the arrays alone.
  public static func bytes(_ arrays: Parameters) throws(FormatError) -> [UInt8] { try chunks(arrays).array }

  private static func chunks(_ arrays: Parameters) throws(FormatError) -> ByteChunks {
    var zip = ZipWriter()
    for (name, tensor) in arrays { try zip.add("\(name).npy", NumPyArray.chunks(tensor)) }
    return zip.chunks
  }

  private static func read(_ bytes: ByteRange) throws(FormatError) -> Parameters {
    do throws(FormatError) {
      let archive = try ZipArchive(bytes)
      // Limits the total size, since each of many entries could expand by an allowed factor.
      var budget = max(bytes.count.multipliedReportingOverflow(by: 64).partialValue, 32 << 20)
      var result = Parameters()
      for entry in archive.entries {
        guard entry.name.hasSuffix(".npy") else {
          throw FormatError(
            .corrupt, "the entry is no array", node: entry.name, remedy: "write the file with numpy.savez")
        }
        if entry.size != entry.compressedSize { budget -= entry.size }
        guard budget >= 0 else {
          throw FormatError(
            .tooLarge, "the archive unpacks to far more than it holds", node: entry.name,
            remedy: "if it can be trusted, save it again with numpy.savez")
        }
        let name = String(entry.name.dropLast(".npy".count))
        do throws(FormatError) {
          result[name] = try NumPyArray.read(archive.contents(of: entry.name))
        } catch { throw error.at(node: entry.name) }
      }
      return result
    } catch { throw error.at(file: bytes.file) }
  }
}
