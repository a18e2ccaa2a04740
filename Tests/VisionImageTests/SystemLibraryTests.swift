import Testing

@testable import VisionImage

/// What is said where a library is missing.
@Suite struct SystemLibraryTests {
  private func nowhere(_ library: SystemLibrary) -> SystemLibrary {
    SystemLibrary(library, names: "libnone-of-that-name.so.1\n/no/such/folder/libnone.so")
  }

  private func error(_ name: String, _ change: (UnsafeRawBufferPointer) throws -> any FormatReader) throws
    -> ImageError
  {
    let bytes = try Fixture.format(name)
    return try #require(
      bytes.withUnsafeBytes { buffer -> ImageError? in
        do {
          _ = try change(buffer).decode(part: 1, ImageOptions())
          return nil
        } catch { return error as? ImageError }
      })
  }

  @Test func theErrorNamesThePackageToInstall() throws {
    let errors = [
      "libwebp7": try error("webp-lossless-5x1.webp") {
        var reader = try WebPReader($0)
        reader.library = nowhere(.webp)
        return reader
      },
      "libheif1": try error("heic-q20-45x31.heic") {
        var reader = try HEIFReader($0, .heic)
        reader.library = nowhere(.heif)
        return reader
      },
      "libtiff6": try error("tiff-LA-tiff_lzw-17x31.tif") {
        var reader = try TIFFReader($0)
        reader.library = nowhere(.tiff)
        return reader
      },
      "libgif7": try error("gif-P-5x1.gif") {
        var reader = try GIFReader($0)
        reader.library = nowhere(.gif)
        return reader
      },
    ]
    for (package, error) in errors {
      #expect(error.kind == .unsupported)
      #expect(error.message.contains(package))
      #expect(error.remedy?.contains("install the package \(package)") == true)
      #expect(error.remedy?.contains("Homebrew") == true)
    }
  }

  @Test func aLibraryWithoutTheFunctionsIsTooOld() throws {
    // A library that is there, but another one.
    let other = SystemLibrary(.gif, names: "libc.so.6\nlibSystem.dylib")
    guard other.isInstalled else { return }
    let error = try error("gif-P-5x1.gif") {
      var reader = try GIFReader($0)
      reader.library = other
      return reader
    }
    #expect(error.kind == .unsupported && error.message.contains("DGifOpen"))
  }

  @Test func aMissingDecoderOfLibheifIsNamed() {
    let error = SystemLibrary.heif.missing(for: .avif, "Unsupported codec")
    #expect(error.remedy?.contains("libheif-plugin-aomdec") == true)
    #expect(
      SystemLibrary.heif.missing(for: .heic, "No decoder").remedy?.contains("libheif-plugin-libde265") == true
    )
    #expect(SystemLibrary.heif.missing(for: .heic, "heif_decode_image").message.contains("too old"))
  }
}
