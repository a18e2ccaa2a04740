/// A folder for the paths that are tried: the process runs in `inside`, beside a file that must never be read.
enum Sandbox {
  /// The bytes of the file outside.
  static let secret: [UInt8] = [0xde, 0xad, 0xbe, 0xef]

  /// The absolute path of `inside`, which holds `weights.bin` and a link `link` to the file outside.
  static let inside: String = {
    let place = getenv("VISIONNET_FUZZ_FOLDER").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(place)/visionnet-fuzz-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      perror("mkdtemp")
      exit(74)
    }
    let root = String(cString: made)
    let inside = "\(root)/inside"
    guard mkdir(inside, 0o755) == 0, mkdir("\(inside)/folder", 0o755) == 0, chdir(inside) == 0 else {
      perror(inside)
      exit(74)
    }
    write(secret, "\(root)/secret.bin")
    write([1, 2, 3, 4], "\(inside)/weights.bin")
    symlink("../secret.bin", "\(inside)/link")
    return inside
  }()

  private static func put(_ descriptor: Int32, _ bytes: [UInt8]) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, bytes.count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, bytes.count)
    #else
      Darwin.write(descriptor, bytes, bytes.count)
    #endif
  }

  private static func write(_ bytes: [UInt8], _ path: String) {
    guard replace(path, bytes) else {
      perror(path)
      exit(74)
    }
  }

  /// Makes a file of these bytes, in place of one that is there; false when that cannot be.
  static func replace(_ path: UnsafePointer<CChar>, _ bytes: [UInt8]) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return put(descriptor, bytes) == bytes.count
  }
}
