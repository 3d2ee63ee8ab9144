# make run serves the demo county (or the house that .env describes); make help says the rest.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: run test bench trust lint help

help:
	@echo "make run     建立环境、更新数据库，在 http://127.0.0.1:8000 上服务（HOST=、PORT= 可改）；空的数据库先建立演示县"
	@echo "make test    安装测试所需，运行全部测试（REQUIRE_ALL=1 时跳过即失败）"
	@echo "make bench   运行性能测试，写出 bench/results.json（ONLY=名称 只跑一部分）"
	@echo "make trust   以完整规模证明：并发、状态机、断电、恶意输入；写出 docs/proofs.md"
	@echo "make lint    检查代码、引用约定和模板"
	@echo "其他命令     $(BIN)/flask --app wsgi --help"

# each on a line of its own, so that a signal to make reaches the process itself
run:
	@$(PYTHON) tools/install.py requirements.txt
	@$(BIN)/python -m app.serve

test:
	@$(PYTHON) tools/install.py requirements-dev.txt
	@tools/test.sh

bench:
	@$(PYTHON) tools/install.py requirements-dev.txt
	@$(BIN)/python -m bench

trust:
	@$(PYTHON) tools/install.py requirements-dev.txt
	@tools/trust.sh

lint:
	@$(PYTHON) tools/install.py requirements-dev.txt
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/python tools/lint_templates.py
