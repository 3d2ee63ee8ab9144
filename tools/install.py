"""Makes .venv and installs what a requirements file pins, unless that was done before: `python3 tools/install.py requirements.txt`.

What was installed is remembered as a hash of the files, so that a second start asks no package index. Runs on the system's Python, without any package.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LEAST = (3, 11)


def main(name):
    _be_new_enough()
    wanted, stamp = _hash(ROOT / name), VENV / f"{name}.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists() or subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        print("正在建立 .venv ……", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
            sys.exit("没有建成 .venv。Debian 和 Ubuntu 请先安装 python3-venv：apt install python3-venv")
    print(f"正在安装 {name} ……", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", ROOT / name]
    if subprocess.run(pip, check=False).returncode:
        sys.exit(f"没有装成 {name}，请看上面的出错信息；网络不通的，请设好 pip 的镜像后再试。")
    stamp.write_text(wanted)


def _hash(path):
    """Of the file and of those that it takes in by -r, and of the Python that they were installed for."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for line in path.read_text(encoding="utf-8").splitlines():
        digest.update(_hash(path.parent / line[3:].strip()).encode() if line.startswith("-r ") else line.encode())
    return digest.hexdigest()


def _be_new_enough():
    if sys.version_info >= LEAST:
        return
    for minor in range(15, LEAST[1] - 1, -1):
        if newer := shutil.which(f"python3.{minor}"):
            sys.exit(subprocess.run([newer, *sys.argv], check=False).returncode)
    sys.exit(f"需要 Python {LEAST[0]}.{LEAST[1]} 或更新的版本，这里是 {sys.version.split()[0]}。")


if __name__ == "__main__":
    main(*sys.argv[1:])
