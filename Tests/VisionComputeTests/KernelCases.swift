import Foundation
import Synchronization
import VisionCompute

/// Writes the cases of these tests to the file that the environment variable `VISIONNET_KERNEL_CASES` names: what a function
/// of `CVisionKernels` is given, what it must return, and how far from that its result may be. `Tests/KernelReplay` runs them
/// on another processor, where Swift's tests do not run. Without the variable nothing is done.
///
/// The file is a sequence of records in the byte order of x86-64 and arm64, whose structures are laid out alike. Each begins at
/// a multiple of eight bytes: the word "VNKC" and the rule, both of 4 bytes; tolerance and absolute tolerance, as doubles; the
/// length of the name and the number of operands, of 4 bytes each; the name, filled up to eight bytes; and each operand: its
/// length in 8 bytes, −1 where it is missing, and its bytes, filled up likewise. The last operand is the expected result.
enum KernelCases {
  /// What a function is given, or what is expected.
  enum Operand {
    case missing
    case bytes([UInt8])

    /// A number, or a structure of C as it is.
    static func value<T: BitwiseCopyable>(_ value: T) -> Operand {
      .bytes(withUnsafeBytes(of: value) { Array($0) })
    }

    static func array<T: BitwiseCopyable>(_ elements: [T]?) -> Operand {
      guard let elements else { return .missing }
      return .bytes(elements.withUnsafeBytes { Array($0) })
    }
  }

  /// How a result is compared. Expected numbers are doubles except for `bits`.
  enum Rule {
    /// |a − b| / (1 + |b|) is smaller than this.
    case distance(Double)
    /// |a − b| is smaller than this, and what is to be left alone, 77, is 77.
    case absolute(Double)
    /// At most so many units in the last place, or an absolute error.
    case ulps(Double, orAbsolute: Double)
    /// Every byte is equal.
    case bits
  }

  private struct File {
    let handle: FileHandle
    /// Instruction sets repeat the cases that do not depend on them.
    var written: Set<[UInt64]> = []
  }

  private static let file = Mutex<File?>(open())

  /// Whether cases are written.
  static let isRecording = ProcessInfo.processInfo.environment["VISIONNET_KERNEL_CASES"] != nil

  private static func open() -> File? {
    guard let path = ProcessInfo.processInfo.environment["VISIONNET_KERNEL_CASES"] else { return nil }
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { fatalError("cannot write \(path)") }
    return File(handle: handle)
  }

  /// Writes a case.
  ///
  /// - Parameter set: the instruction set that the case was made for, which may decide its extents; cases for vectors longer than
  ///   arm64's are left out.
  static func record(
    _ function: String, on set: InstructionSet = .portable, _ rule: Rule,
    _ operands: @autoclosure () -> [Operand],
    expected: @autoclosure () -> Operand
  ) {
    guard isRecording, set.lanes <= InstructionSet.neon.lanes else { return }
    let bytes = encode(function, rule, operands() + [expected()])
    file.withLock { file in
      guard file?.written.insert(digest(bytes)).inserted == true else { return }
      do {
        try file?.handle.write(contentsOf: Data(bytes))
      } catch {
        fatalError("cannot write a kernel's case: \(error)")
      }
    }
  }

  private static func encode(_ function: String, _ rule: Rule, _ operands: [Operand]) -> [UInt8] {
    var bytes = Array("VNKC".utf8)
    func append<T: BitwiseCopyable>(_ value: T) {
      withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }
    func fillUp() { bytes.append(contentsOf: [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)) }
    let (number, tolerance, absolute): (UInt32, Double, Double) =
      switch rule {
      case .distance(let most): (0, most, 0)
      case .absolute(let most): (1, most, 0)
      case .ulps(let most, let absolute): (2, most, absolute)
      case .bits: (3, 0, 0)
      }
    append(number)
    append(tolerance)
    append(absolute)
    append(UInt32(function.utf8.count))
    append(UInt32(operands.count))
    bytes.append(contentsOf: function.utf8)
    fillUp()
    for operand in operands {
      switch operand {
      case .missing: append(Int64(-1))
      case .bytes(let content):
        append(Int64(content.count))
        bytes.append(contentsOf: content)
        fillUp()
      }
    }
    return bytes
  }

  /// Two sums of a record's words, which tell records apart; the length is a third.
  private static func digest(_ bytes: [UInt8]) -> [UInt64] {
    var (a, b) = (UInt64(14_695_981_039_346_656_037), UInt64(0))
    bytes.withUnsafeBytes { bytes in
      for at in stride(from: 0, to: bytes.count, by: 8) {
        let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        a = (a ^ word) &* 1_099_511_628_211
        b = (b &+ word) &* 0x9E37_79B9_7F4A_7C15
        b ^= b >> 29
      }
    }
    return [a, b, UInt64(bytes.count)]
  }
}
